namespace Dayu.Training;

/// <summary>What a document goes through on its way into a corpus, in this order.</summary>
public enum CleaningStep
{
    /// <summary>Read from its file.</summary>
    Extract,
    /// <summary>Brought into one form of Unicode.</summary>
    Normalise,
    /// <summary>Its language.</summary>
    Language,
    /// <summary>Rules of quality.</summary>
    Quality,
    /// <summary>Documents that say the same.</summary>
    Exact,
    /// <summary>Documents that say nearly the same.</summary>
    Near,
    /// <summary>Texts that a model will be measured with.</summary>
    Evaluation,
    /// <summary>Held out or not, and written.</summary>
    Write,
}

/// <summary>Why a document is dropped.</summary>
/// <param name="Step">In which step.</param>
/// <param name="Reason">For counts: <c>gopher.words</c>, <c>other</c> (a language).</param>
/// <param name="Detail">What was found in this one.</param>
public sealed record DroppedDocument(CleaningStep Step, string Reason, string Detail);
