/// Stars of one kind in one part of the Galaxy: how many there are, and what they look like.
struct StellarType: Sendable {
  /// Their number density near the Sun, pc⁻³; in the bulge, per pc³ that has as many stars as there are near the Sun.
  let density: Double
  /// What they look like.
  let look: Look
  /// Fainter than the table by so many magnitudes; for giants, M_Ks.
  let shift: Double
  /// Where they are.
  let component: GalacticComponent

  /// A row of a table, between two rows.
  enum Look: Sendable {
    /// A dwarf of the given M_V.
    case dwarf(visualMagnitude: Double)
    /// A giant or subgiant of the given V − Ks.
    case giant(colour: Double)
  }
}
