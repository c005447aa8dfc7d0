PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:inland-authority glo:organisationNumber "123456785" } ;
INSERT DATA {
  id:inland-authority glo:organisationNumber "1234567850" .
  id:inland-authority-number glo:recordValue "1234567850"
}
