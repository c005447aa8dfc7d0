PREFIX id: <https://example.org/id/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA { id:conflict skos:scopeNote "Enda en to avsnitt er uenige."@nb }
