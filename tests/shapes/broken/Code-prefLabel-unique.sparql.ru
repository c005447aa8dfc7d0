PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA {
  id:strait a glo:Role , skos:Concept ;
    skos:inScheme id:list ;
    skos:prefLabel "Sund"@nb , "Fjord"@nn , "Strait"@en
}
