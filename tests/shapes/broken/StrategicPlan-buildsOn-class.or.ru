PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:strategy glo:buildsOn id:framework } ;
INSERT DATA { id:strategy glo:buildsOn id:unknown }
