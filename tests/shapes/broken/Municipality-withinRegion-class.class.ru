PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:inland glo:withinRegion id:fjordland } ;
INSERT DATA { id:inland glo:withinRegion id:unknown }
