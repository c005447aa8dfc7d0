PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:participation glo:participant id:inland-authority } ;
INSERT DATA { id:participation glo:participant id:unknown }
