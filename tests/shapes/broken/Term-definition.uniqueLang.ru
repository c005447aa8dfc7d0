PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA { glo:Example skos:definition "Enda en ting som viser stilen."@nb }
