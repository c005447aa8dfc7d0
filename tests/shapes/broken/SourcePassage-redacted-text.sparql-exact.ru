PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
INSERT DATA { id:cell glo:redacted true } ;
DELETE DATA { id:cell glo:readingText "Fjordtur"@nb } ;
INSERT DATA { id:cell glo:readingText "[lokal filsti fjernet]"@nb }
