PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
INSERT DATA {
  id:inland-authority glo:organisationNumber "234567896" .
  id:inland-authority-number glo:recordValue "234567896"
}
