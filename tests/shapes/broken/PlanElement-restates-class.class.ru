PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:goal glo:restates id:wider-goal } ;
INSERT DATA { id:goal glo:restates id:unknown }
