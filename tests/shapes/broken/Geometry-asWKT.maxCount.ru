PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX id: <https://example.org/id/>
INSERT DATA { id:inland-geometry geo:asWKT "POINT(12 64)"^^geo:wktLiteral }
