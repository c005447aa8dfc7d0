PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:participation glo:participationIn id:journey } ;
INSERT DATA { id:participation glo:participationIn id:unknown }
