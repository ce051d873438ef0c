import ArgumentParser

/// What `match`, `match-all` and `correct` say of the options that they share.
enum AnswerHelp {
  static let epoch = ArgumentHelp(
    "The epoch at which positions are compared: a Julian year, 'auto' (where most can be moved) or 'none' (as given).",
    valueName: "epoch")

  static func psf(of catalogue: String) -> ArgumentHelp {
    ArgumentHelp(
      """
      The PSF of \(catalogue): a band such as 'wise W1', its full width in arcsec, 'auto' (by its survey profile or its bands), or 'none'.
      """, valueName: "psf")
  }
}
