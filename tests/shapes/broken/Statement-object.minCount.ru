PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
DELETE WHERE { <https://example.org/id/statement/0000000000000000000000000000000000000000000000000000000000000001> rdf:object ?value }
