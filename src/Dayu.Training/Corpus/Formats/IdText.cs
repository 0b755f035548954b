using Dayu.Text;

namespace Dayu.Training;

/// <summary>
/// Files of token ids as the texts that they were: nanoGPT's <c>.bin</c>, NumPy's <c>.npy</c>. Documents end with the
/// tokenizer's end token; without one all of it is one.
/// </summary>
/// <param name="tokenizer">Ids to text.</param>
/// <param name="options">How large a document may be.</param>
public sealed class IdText(Tokenizer tokenizer, CorpusOptions options)
{
    /// <summary>Whether a file of this name holds token ids.</summary>
    public static bool Knows(string path) => IdFile.Is(path);

    /// <summary>The documents of a file, one at a time; what is damaged is skipped.</summary>
    /// <param name="path">Which.</param>
    /// <param name="skip">Receives what is skipped, and why.</param>
    public IEnumerable<ReadDocument> Read(string path, Action<SkippedDocument> skip)
    {
        var name = Path.GetFileName(path);
        using var file = Damage.Try(() => new IdFile(path), out var fault);
        if (file is null)
        {
            skip(new(name, fault!));
            yield break;
        }
        var (ids, end) = (file.Ids, tokenizer.Special.Eos);
        for (long start = 0, number = 1; start < ids.Count; number++)
        {
            var stop = end is { } e && ids.IndexOf(e, start, ids.Count) is >= 0 and var found ? found : ids.Count;
            var place = $"{name}:{number}";
            if (stop - start > options.MaxBytes)
                skip(new(place, $"it has {stop - start:N0} tokens; at most {options.MaxBytes:N0} bytes are read"));
            else if (stop == start) skip(new(place, "it is empty"));
            else if (Damage.Try(() => Decode(ids, start, (int)(stop - start)), out fault) is { } text) yield return new(place, text);
            else skip(new(place, fault!));
            start = stop + 1;
        }
    }

    string Decode(MappedIds ids, long start, int count)
    {
        var own = new int[count];
        ids.Copy(start, own, tokenizer.VocabularySize);
        return tokenizer.Decode(own, skipSpecial: true);
    }
}
