PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX verification-status: <https://w3id.org/glokal/code/verification-status/>
INSERT DATA {
  id:other-participation a glo:Participation ;
    glo:participant id:inland-authority ;
    glo:participationIn id:journey ;
    glo:verificationStatus verification-status:accepted ;
    glo:affirmedIn id:sentence
}
