PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
DELETE DATA { glo:Example rdfs:label "døme"@nn }
