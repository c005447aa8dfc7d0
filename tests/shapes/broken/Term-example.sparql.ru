PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
DELETE DATA { glo:Example skos:example "En fjord."@nb , "A fjord."@en }
