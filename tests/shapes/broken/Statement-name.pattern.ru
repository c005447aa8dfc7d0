PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA { id:named-otherwise a rdf:Statement ; rdf:subject id:strategy ; rdf:predicate glo:appliesTo ; rdf:object id:fjordland }
