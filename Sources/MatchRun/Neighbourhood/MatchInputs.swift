internal import CatalogStore
internal import Indexing
internal import Match

/// The two catalogues of a match, and how their sources are placed and compared: all that a neighbourhood follows from.
struct MatchInputs: Sendable {
  /// One catalogue.
  struct Side: Sendable {
    let info: CatalogueInfo
    /// Its photometric classes; none where neither densities nor photometry ask for them.
    let classes: MagnitudeClasses
    /// Sources over the area that they cover, deg⁻²: the density around each where ingest has not measured it.
    let meanDensityPerDegree2: Double
    /// What hidden neighbours do to its sources; nil where that is not known.
    var crowding: CatalogueCrowding?
    /// What its errors are, of those that are quoted; nil: as they are quoted.
    var corrections: CatalogueCorrections?
    /// What they are in place of that, everywhere; nil: nothing was said.
    var givenErrors: ErrorCorrection?

    /// Whether errors of magnitudes are read, too.
    var readsMagnitudeErrors = false

    /// No error of a source is larger along any axis, arcsec, at its own epoch.
    var largestSigmaArcsec: Double {
      let quoted = info.largestSigmaArcsec
      return givenErrors?.sigmaArcsec(quoted: quoted) ?? corrections?.largestSigmaArcsec(quoted: quoted) ?? quoted
    }

    /// Errors as they are, of those that are quoted.
    /// - Throws: `StoreError.damaged` when what errors depend on cannot be read.
    func correct(
      _ covariances: inout [PositionCovariance], of sources: SourceColumns, in database: SkyDatabase
    ) throws {
      if let givenErrors {
        for row in covariances.indices { covariances[row] = givenErrors.covariance(quoted: covariances[row]) }
      } else {
        try corrections?.correct(&covariances, of: sources, info, in: database)
      }
    }

    /// What a user is told of its hidden neighbours.
    /// - Parameter counts: Stars that were given to count them among.
    func crowdingNote(counts: SkyTableSetting?) -> String? {
      crowding?.note(info.name)
        ?? counts.map { _ in
          "stars were given for \(info.name), but nothing is hidden in its PSF as far as it is known: they are not used"
        }
    }

    /// Reads what a match needs of its sources.
    func reader(_ database: SkyDatabase) -> CatalogueReader {
      CatalogueReader(
        database: database, info: info, reading: readsMagnitudeErrors ? info.layout.forBlends : info.layout.forMatching)
    }
  }

  let database: SkyDatabase
  var a: Side
  var b: Side
  /// The epoch to which positions are moved, Julian years; nil: positions as given.
  let targetYears: Double?
  /// What positions say about pairs.
  var likelihood: any PairLikelihood
  /// Which neighbours are candidates.
  var limits: CandidateLimits
  /// What positions of b are rotated by, so that they are in the frame of a.
  var frame = FrameRotation.none
  /// How sources of unknown motion drift; nil where that is not looked at.
  var motions: UnknownMotions?
  /// How sources of the sharp catalogue inside the PSF of the other are weighed; nil where that is not known.
  var seen: SeenNeighbours?
}
