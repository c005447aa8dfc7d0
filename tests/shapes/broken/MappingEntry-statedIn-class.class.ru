PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:entry glo:statedIn id:cell } ;
INSERT DATA { id:entry glo:statedIn id:unknown }
