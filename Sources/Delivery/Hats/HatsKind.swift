/// What a HATS catalogue of a match is.
public enum HatsKind: Sendable, Hashable {
  /// Pairs of identifiers, with what the match found: joins the catalogues of a and b.
  case association
  /// The columns of both catalogues with what the match found, as one catalogue of objects.
  case joined
}
