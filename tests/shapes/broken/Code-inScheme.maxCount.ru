PREFIX id: <https://example.org/id/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA { id:fjord skos:inScheme <https://w3id.org/glokal/code/role> }
