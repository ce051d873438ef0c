import CatalogStore

/// Reading the results of a match.
enum MatchFunctions {
  static let all = [flags]

  private static let flags = ScalarFunction(
    "xm_flags", in: .matching, parameters: [.integer("flags", "bits of the column `flags`", 0...(.max))],
    summary: "The names of the bits that are set, separated by blanks; empty when none is: "
      + MatchFlags.meanings.map { "`\($0.name)` (\($0.flag.rawValue)): \($0.meaning)" }.joined(separator: "; ") + ".",
    example: "SELECT xm_flags(9)", answer: "near_edge unknown_motion_a"
  ) { arguments in .text(MatchFlags(rawValue: try arguments.integer(0)).text) }
}
