PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:inland geo:hasDefaultGeometry id:inland-geometry } ;
INSERT DATA { id:inland geo:hasDefaultGeometry id:unknown }
