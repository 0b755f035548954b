using Dayu.Training;

namespace Dayu.Tests;

/// <summary>The model that comes along is what the trainer makes of the shared texts; the same texts make the same bytes.</summary>
public sealed class LanguageTrainerTests
{
    const string Resource = "src/Dayu.Training/Corpus/Languages/Languages.bin";

    /// <summary>Where it is not any more, the right one is left in <c>artifacts</c>.</summary>
    [Fact]
    public void TheModelThatComesAlongIsWhatTheTrainerMakes()
    {
        if (!Sizes.Long) Assert.Skip("trains on 190 MB of texts; DAYU_LONG=1 does it");
        var trainer = new LanguageTrainer();
        LanguageCorpus.Train(trainer);
        var made = House.At("artifacts/Languages.bin");
        File.WriteAllBytes(made, trainer.Model());
        Assert.True(File.ReadAllBytes(House.At(Resource)).AsSpan().SequenceEqual(File.ReadAllBytes(made)),
            $"{Resource} is not what the shared texts make: copy {made} there");
    }

    [Fact]
    public void TheModelIsSmall() => Assert.InRange(new FileInfo(House.At(Resource)).Length, 1, 300_000);

    static LanguageTrainer Small(int texts)
    {
        var trainer = new LanguageTrainer();
        foreach (var line in House.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal)).SelectMany(House.Lines).Take(texts * 10))
            trainer.AddEnglish(line);
        for (var i = 0; i < texts; i++)
        {
            trainer.AddModern($"这是第{i}个句子，我们在里面说了一些关于狗和房子的事情，没有什么重要的。", simplified: true);
            trainer.AddClassical($"子曰：「其{i}也，學而時習之，不亦說乎。」", traditional: true);
            trainer.AddClassical($"子曰：“其{i}也，学而时习之，不亦说乎。”", traditional: false);
        }
        return trainer;
    }

    /// <summary>A model of this repository's pages and a few sentences tells their kinds apart.</summary>
    [Fact]
    public void TheSameTextsMakeTheSameModel()
    {
        var model = Small(200).Model();
        Assert.Equal(model, Small(200).Model());
        var identifier = new LanguageIdentifier(model);
        Assert.Equal("en", identifier.Of("A model is trained and measured on the texts of a file.").Language);
        Assert.Equal("other", identifier.Of("Der Hund schläft unter dem Tisch in der Küche.").Language);
        Assert.Equal("zh-hans", identifier.Of("我们说了一些事情。").Language);
        Assert.Equal("lzh", identifier.Of("学而时习之，不亦说乎。").Language);
    }

    [Fact]
    public void TooLittleIsSaid() => Assert.Contains("add at least a hundred of each kind",
        Assert.Throws<InvalidOperationException>(() => Small(0).Model()).Message);

    [Fact]
    public void WhatIsNoModelIsRefused()
    {
        var model = File.ReadAllBytes(House.At(Resource));
        _ = new LanguageIdentifier(model);
        byte[] Changed(int at, byte to) => [.. model[..at], to, .. model[(at + 1)..]];
        Assert.Contains("begins with DAYULANG", Refused([]));
        Assert.Contains("begins with DAYULANG", Refused(Changed(0, 0)));
        Assert.Contains("of version 7", Refused(Changed(8, 7)));
        Assert.Contains("this has 100", Refused(model[..100]));
        Assert.Contains("no free slot", Refused([.. model[..16], .. Enumerable.Repeat((byte)1, model.Length - 16)]));
    }

    static string Refused(byte[] model) => Assert.Throws<InvalidDataException>(() => new LanguageIdentifier(model)).Message;
}
