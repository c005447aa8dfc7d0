PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:journey glo:supportedUnder id:sub-programme } ;
INSERT DATA { id:journey glo:supportedUnder id:unknown }
