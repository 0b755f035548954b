namespace Dayu.Text;

/// <summary>The <c>normalizer</c> of tokenizer.json. A new one is a class in Normalization and a line in the table.</summary>
static class TokenizerJsonNormalizer
{
    /// <summary>No tokenizer has nearly as many; each may make a text longer.</summary>
    public const int MostSteps = 16;

    static readonly Dictionary<string, Func<JsonAt, Normalizer>> readers = new(StringComparer.Ordinal)
    {
        ["NFC"] = at => Plain(at, NormalForm.C), ["NFD"] = at => Plain(at, NormalForm.D), ["NFKC"] = at => Plain(at, NormalForm.KC), ["NFKD"] = at => Plain(at, NormalForm.KD),
        ["Lowercase"] = at => Plain(at, MapCharacters.Lowercase), ["StripAccents"] = at => Plain(at, MapCharacters.StripAccents), ["Nmt"] = at => Plain(at, MapCharacters.Nmt),
        ["ByteLevel"] = at => Plain(at, new ByteLevelNormalizer()),
        ["BertNormalizer"] = Bert, ["Precompiled"] = Precompiled, ["Strip"] = Strip, ["Replace"] = Replace, ["Prepend"] = Prepend, ["Sequence"] = Sequence,
    };

    /// <summary>Null where there is none.</summary>
    public static Normalizer? Read(JsonAt at)
    {
        if (at.IsNull) return null;
        var type = at["type"];
        return readers.TryGetValue(type.String(), out var read) ? read(at) : throw type.NotKnown($"'{type.String()}'", string.Join(", ", readers.Keys));
    }

    static Normalizer Plain(JsonAt at, Normalizer normalizer)
    {
        at.Only("type");
        return normalizer;
    }

    static BertNormalizer Bert(JsonAt at)
    {
        at.Only("type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
        bool lowercase = at["lowercase"].Bool(absent: true);
        return new(at["clean_text"].Bool(absent: true), at["handle_chinese_chars"].Bool(absent: true), at["strip_accents"].Bool(absent: lowercase), lowercase);
    }

    static CharsMap Precompiled(JsonAt at)
    {
        at.Only("type", "precompiled_charsmap");
        var blob = at["precompiled_charsmap"];
        return blob.Value.ValueKind == System.Text.Json.JsonValueKind.String && blob.Value.TryGetBytesFromBase64(out var bytes) ? new(bytes) : throw blob.NotKnown("something else", "bytes in Base64");
    }

    static Strip Strip(JsonAt at)
    {
        at.Only("type", "strip_left", "strip_right");
        return new(at["strip_left"].Bool(absent: false), at["strip_right"].Bool(absent: false));
    }

    static Replace Replace(JsonAt at)
    {
        at.Only("type", "pattern", "content");
        return new(TokenizerJsonPattern.Read(at["pattern"]), at["content"].String());
    }

    static Prepend Prepend(JsonAt at)
    {
        at.Only("type", "prepend");
        return new(at["prepend"].String());
    }

    static NormalizerSequence Sequence(JsonAt at)
    {
        at.Only("type", "normalizers");
        JsonAt[] steps = [.. at["normalizers"].Items().Take(MostSteps + 1)];
        if (steps.Length > MostSteps) throw at["normalizers"].NotKnown("so long a sequence", $"up to {MostSteps} steps");
        return new([.. steps.Select(step => Read(step)!)]);
    }
}
