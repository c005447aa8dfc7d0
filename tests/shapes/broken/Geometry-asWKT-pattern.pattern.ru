PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:inland-geometry geo:asWKT "POINT(11.5 63.8)"^^geo:wktLiteral } ;
INSERT DATA { id:inland-geometry geo:asWKT "11.5 63.8"^^geo:wktLiteral }
