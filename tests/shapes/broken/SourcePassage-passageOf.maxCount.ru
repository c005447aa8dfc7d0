PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA {
  id:copy a glo:SourceDocument ;
    rdfs:label "Avskrift"@nb , "Copy"@en ;
    dcterms:language "nb" ;
    glo:textDigest "sha256:89abcdef0123456789abcdef0123456789abcdef0123456789abcdef01234567" .
  id:heading glo:passageOf id:copy
}
