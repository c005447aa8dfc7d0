PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX reading-certainty: <https://w3id.org/glokal/code/reading-certainty/>
INSERT DATA { id:entry glo:readingCertainty reading-certainty:certain }
