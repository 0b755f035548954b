using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Dayu.Training;

/// <summary>The steps that look at a document alone; several documents at once, each as it would be by itself.</summary>
/// <param name="options">What documents must be like.</param>
/// <param name="hash">Makes signatures; null: near duplicates are not looked for.</param>
/// <param name="evaluation">Texts that a model will be measured with.</param>
sealed partial class DocumentJudge(CleaningOptions options, MinHash? hash, EvaluationTexts evaluation)
{
    const int Longest = 80;                                          // characters of a kind of fault

    /// <summary>Judges documents.</summary>
    /// <param name="raw">As they were read.</param>
    /// <param name="ticks">By <see cref="CleaningStep"/>; the time that each takes is added, in ticks of <see cref="Stopwatch"/>.</param>
    public JudgedDocument[] Judge(IReadOnlyList<RawDocument> raw, long[] ticks)
    {
        var judged = new JudgedDocument[raw.Count];
        for (var i = 0; i < judged.Length; i++) judged[i] = Judge(raw[i], ticks);
        return judged;
    }

    /// <summary>Judges one.</summary>
    public JudgedDocument Judge(RawDocument raw, long[] ticks)
    {
        if (raw.Text is null)
            return new() { Place = raw.Place, Drop = new(CleaningStep.Extract, Kind(raw.Fault ?? ""), raw.Fault ?? "") };
        var document = new JudgedDocument { Place = raw.Place, BytesRead = Encoding.UTF8.GetByteCount(raw.Text), Text = raw.Text };
        var at = Stopwatch.GetTimestamp();
        Normalise(document);
        Next(CleaningStep.Normalise);
        if (document.Drop is null) Identify(document);
        Next(CleaningStep.Language);
        var measured = document.Drop is null ? Check(document) : null;
        Next(CleaningStep.Quality);
        document.Bytes = Encoding.UTF8.GetByteCount(document.Text);
        if (document.Drop is not null) return document;
        var units = measured?.Units ?? TextUnits.Of(document.Text);
        (document.Hash, document.Lot) = Hashes(units, document.Text);
        Next(CleaningStep.Exact);
        var hashes = (measured?.Hashed ?? new(units)).Hashes;
        document.Signature = hash?.SignatureOf(hashes);
        Next(CleaningStep.Near);
        document.Hits = evaluation.In(hashes);
        if (document.Hits is [var first, ..]) document.Gram = string.Join(' ', units.Skip(first.Unit).Take(evaluation.Ngram));
        Next(CleaningStep.Evaluation);
        return document;

        void Next(CleaningStep step)
        {
            var now = Stopwatch.GetTimestamp();
            (ticks[(int)step], at) = (ticks[(int)step] + now - at, now);
        }
    }

    /// <summary>A fault without its numbers: the same for documents with the same fault.</summary>
    static string Kind(string fault) => Number().Replace(DropReport.Excerpt(fault, Longest), "#");

    static void Normalise(JudgedDocument document)
    {
        document.Text = NormalText.Of(document.Text);
        if (document.Text.Length == 0) document.Drop = new(CleaningStep.Normalise, "empty", "nothing of it can be seen");
    }

    void Identify(JudgedDocument document)
    {
        var guess = document.Language = LanguageIdentifier.Default.Of(document.Text);
        if (options.Languages.Count > 0 && !options.Languages.Contains(guess.Language))
            document.Drop = new(CleaningStep.Language, guess.Language, $"{guess.Language} ({guess.Probability:F2})");
    }

    /// <summary>C4's rules may take lines away; what is measured afterwards is what is left.</summary>
    MeasuredText? Check(JudgedDocument document)
    {
        var language = document.Language!.Language;
        if (QualityPlan.LinesOf(options.Quality, language) is { } rules)
        {
            var cleaned = rules.Clean(document.Text);
            (document.Text, document.Lines) = (cleaned.Text, cleaned.Lines);
            Drop(document, cleaned.Breach);
        }
        if (document.Drop is not null || QualityPlan.FilterOf(options.Quality, language) is not { } filter) return null;
        var measured = new MeasuredText(document.Text);
        Drop(document, filter.Check(measured));
        return measured;
    }

    static void Drop(JudgedDocument document, RuleBreach? breach)
    {
        if (breach is not null) document.Drop = new(CleaningStep.Quality, breach.Rule.Name, breach.ToString());
    }

    static (UInt128 Hash, double Lot) Hashes(IReadOnlyList<string> units, string text)
    {
        var hash = TextUnits.HashOf(units, text);
        return (MemoryMarshal.Read<UInt128>(hash), (MemoryMarshal.Read<ulong>(hash.AsSpan(16)) >> 11) * Math.ScaleB(1, -53));
    }

    [GeneratedRegex("[0-9][0-9,.]*")]
    private static partial Regex Number();
}
