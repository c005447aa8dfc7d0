PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
INSERT DATA { id:report glo:reportedProgramme id:council }
