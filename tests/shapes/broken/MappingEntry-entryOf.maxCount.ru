PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA {
  id:other-authority a glo:MunicipalAuthority ;
    rdfs:label "Utland kommune"@nb , "Outland municipal authority"@en .
  id:entry glo:entryOf id:other-authority
}
