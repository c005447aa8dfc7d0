PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX verification-status: <https://w3id.org/glokal/code/verification-status/>
INSERT DATA {
  id:other-membership a glo:Membership ;
    glo:member id:land-authority ;
    glo:membershipIn id:council ;
    glo:verificationStatus verification-status:accepted , id:claimed ;
    glo:affirmedIn id:cell .
  id:claimed a glo:VerificationStatus ;
    skos:inScheme id:list ;
    skos:prefLabel "Hevdet"@nb , "Hevda"@nn , "Claimed"@en
}
