PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA {
  id:outline a geo:Geometry ;
    rdfs:label "Omriss"@nb , "Outline"@en ;
    geo:asWKT "POLYGON((11 63, 12 63, 12 64, 11 63))"^^geo:wktLiteral ;
    dcterms:source "Et kart" ;
    dcterms:rights "Fjordland, CC BY 4.0" .
  id:inland geo:hasDefaultGeometry id:outline
}
