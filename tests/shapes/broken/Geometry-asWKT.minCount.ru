PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX id: <https://example.org/id/>
DELETE WHERE { id:inland-geometry geo:asWKT ?value }
