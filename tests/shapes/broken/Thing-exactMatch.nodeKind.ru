PREFIX id: <https://example.org/id/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
DELETE DATA { id:inland skos:exactMatch <https://example.net/9901> } ;
INSERT DATA { id:inland skos:exactMatch "Fjordland" }
