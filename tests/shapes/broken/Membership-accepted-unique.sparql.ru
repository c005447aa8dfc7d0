PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX verification-status: <https://w3id.org/glokal/code/verification-status/>
INSERT DATA {
  id:other-membership a glo:Membership ;
    glo:member id:coast-authority ;
    glo:membershipIn id:council ;
    glo:verificationStatus verification-status:accepted ;
    glo:affirmedIn id:cell
}
