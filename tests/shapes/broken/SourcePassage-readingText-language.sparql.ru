PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:cell glo:readingText "Fjordtur"@nb } ;
INSERT DATA { id:cell glo:readingText "Fjordtur"@en }
