using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// The <c>normalizer</c> of tokenizer.json. Another one is a class in Normalization and a line in the table.
/// </summary>
static class TokenizerJsonNormalizer
{
    /// <summary>More than any tokenizer has. The limit bounds how much longer a text may become.</summary>
    const int MaxSteps = 16;

    static readonly Dictionary<string, Func<JsonAt, Normalizer>> readers = new(StringComparer.Ordinal)
    {
        ["NFC"] = at => WithoutOptions(at, NormalForm.C),
        ["NFD"] = at => WithoutOptions(at, NormalForm.D),
        ["NFKC"] = at => WithoutOptions(at, NormalForm.KC),
        ["NFKD"] = at => WithoutOptions(at, NormalForm.KD),
        ["Lowercase"] = at => WithoutOptions(at, MapCharacters.Lowercase),
        ["StripAccents"] = at => WithoutOptions(at, MapCharacters.StripAccents),
        ["Nmt"] = at => WithoutOptions(at, MapCharacters.Nmt),
        ["ByteLevel"] = at => WithoutOptions(at, new ByteLevelNormalizer()),
        ["BertNormalizer"] = Bert,
        ["Precompiled"] = Precompiled,
        ["Strip"] = Strip,
        ["Replace"] = Replace,
        ["Prepend"] = Prepend,
        ["Sequence"] = Sequence,
    };

    /// <summary>Null where there is none.</summary>
    public static Normalizer? Read(JsonAt at)
    {
        if (at.IsNull) return null;
        var type = at["type"];
        string name = type.String();
        if (!readers.TryGetValue(name, out var read)) throw type.Unsupported($"'{name}'", string.Join(", ", readers.Keys));
        return read(at);
    }

    static Normalizer WithoutOptions(JsonAt at, Normalizer normalizer)
    {
        at.AllowOnly("type");
        return normalizer;
    }

    static BertNormalizer Bert(JsonAt at)
    {
        at.AllowOnly("type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
        bool cleanText = at["clean_text"].Bool(absent: true), spaceChinese = at["handle_chinese_chars"].Bool(absent: true);
        bool lowercase = at["lowercase"].Bool(absent: true), stripAccents = at["strip_accents"].Bool(absent: lowercase);
        return new(cleanText, spaceChinese, stripAccents, lowercase);
    }

    static CharsMap Precompiled(JsonAt at)
    {
        at.AllowOnly("type", "precompiled_charsmap");
        var blob = at["precompiled_charsmap"];
        if (blob.Value.ValueKind == JsonValueKind.String && blob.Value.TryGetBytesFromBase64(out var bytes)) return new(bytes);
        throw blob.Unsupported("something else", "bytes in Base64");
    }

    static Strip Strip(JsonAt at)
    {
        at.AllowOnly("type", "strip_left", "strip_right");
        return new(at["strip_left"].Bool(absent: false), at["strip_right"].Bool(absent: false));
    }

    static Replace Replace(JsonAt at)
    {
        at.AllowOnly("type", "pattern", "content");
        return new(TokenizerJsonPattern.Read(at["pattern"]), at["content"].String());
    }

    static Prepend Prepend(JsonAt at)
    {
        at.AllowOnly("type", "prepend");
        return new(at["prepend"].String());
    }

    static NormalizerSequence Sequence(JsonAt at)
    {
        at.AllowOnly("type", "normalizers");
        JsonAt[] steps = [.. at["normalizers"].Items().Take(MaxSteps + 1)];
        if (steps.Length > MaxSteps) throw at["normalizers"].Unsupported("so long a sequence", $"up to {MaxSteps} steps");
        return new([.. steps.Select(step => Read(step)!)]);
    }
}
