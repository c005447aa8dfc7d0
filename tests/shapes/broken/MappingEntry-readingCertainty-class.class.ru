PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX reading-certainty: <https://w3id.org/glokal/code/reading-certainty/>
DELETE DATA { id:entry glo:readingCertainty reading-certainty:editor-reading } ;
INSERT DATA { id:entry glo:readingCertainty id:unknown }
