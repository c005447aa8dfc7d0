PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:strategy glo:elaborates id:focus-area } ;
INSERT DATA { id:strategy glo:elaborates id:unknown }
