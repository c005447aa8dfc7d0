PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE WHERE { id:journey glo:statedIn ?value } ;
DELETE DATA { id:report glo:reportsOn id:journey } ;
INSERT DATA { id:report glo:reportsOn id:council }
