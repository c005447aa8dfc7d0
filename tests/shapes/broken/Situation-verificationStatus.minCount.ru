PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX verification-status: <https://w3id.org/glokal/code/verification-status/>
DELETE DATA { id:accepted-membership glo:verificationStatus verification-status:accepted }
