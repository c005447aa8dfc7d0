PREFIX id: <https://example.org/id/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA { id:abroad skos:altLabel "kåre@blåbær.example"@nb }
