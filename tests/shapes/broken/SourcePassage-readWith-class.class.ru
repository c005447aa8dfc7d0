PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:sentence glo:readWith id:heading } ;
INSERT DATA { id:sentence glo:readWith id:unknown }
