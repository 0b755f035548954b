namespace Dayu.Training;

/// <summary>Sets where models say one half, and how sure they are, on texts that they did not learn from.</summary>
static class LanguageTuning
{
    /// <summary>The limit that nearly all English lines of some length are under.</summary>
    public static EnglishModel WithLimit(EnglishModel model, List<string> texts)
    {
        var means = new List<double>();
        foreach (var text in texts)
            foreach (var line in text.EnumerateLines())
            {
                var (cost, letters) = (0L, 0);
                model.Add(line, ref cost, ref letters);
                if (letters >= LongEnough) means.Add(EnglishModel.Mean(cost, letters));
            }
        means.Sort();
        var limit = means.Count == 0 ? 0 : means[(int)(means.Count * Accepted)];
        return new(model.Trigrams, model.Checks, model.Words, (short)Math.Round(limit * EnglishModel.LimitUnit));
    }

    const int LongEnough = 32;
    const double Accepted = 0.998;

    /// <summary>The slope by which the probabilities of lines fit best: logistic regression with one weight, by Newton's method.</summary>
    public static ChineseModel WithSlope(ChineseModel model, List<string> classical, List<string> modern)
    {
        var lines = new List<(double Nats, double Is)>();
        foreach (var (texts, value) in ((List<string>, double)[])[(classical, 1), (modern, 0)])
            foreach (var text in texts)
            {
                var evidence = new ChineseEvidence();
                model.Add(text, ref evidence);
                lines.Add((ChineseModel.Nats(evidence), value));
            }
        var slope = 0.1;
        for (var step = 0; step < 50; step++)
        {
            double gradient = 0, curvature = 0;
            foreach (var (nats, value) in lines)
            {
                var p = 1 / (1 + Math.Exp(-slope * nats));
                gradient += (value - p) * nats;
                curvature += p * (1 - p) * nats * nats;
            }
            slope = Math.Clamp(slope + gradient / Math.Max(curvature, 1), 0.01, 1);
        }
        return new(model.Scripts, model.Characters, model.Pairs, (short)Math.Round(slope * ChineseModel.Unit));
    }
}
