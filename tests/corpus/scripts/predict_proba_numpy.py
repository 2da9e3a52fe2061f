import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class TorchCNNClassifier:
    """Gives a small CNN the interface of a scikit-learn estimator."""

    def __init__(self, n_classes, epochs=3, lr=1e-3, batch_size=32):
        self.n_classes = n_classes
        self.epochs = epochs
        self.lr = lr
        self.batch_size = batch_size
        self.module_ = nn.Sequential(
            nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout2d(0.1),
            nn.Conv2d(16, 32, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(2),
            nn.Flatten(), nn.Linear(128, n_classes))

    def fit(self, X, y):
        ds = TensorDataset(torch.as_tensor(X, dtype=torch.float32), torch.as_tensor(y))
        opt = torch.optim.Adam(self.module_.parameters(), lr=self.lr)
        loss_fn = nn.CrossEntropyLoss()
        self.module_.train()
        for epoch in range(self.epochs):
            for xb, yb in DataLoader(ds, self.batch_size, shuffle=True):
                opt.zero_grad()
                loss_fn(self.module_(xb), yb).backward()
                opt.step()
        return self

    def predict_proba(self, X):
        self.module_.eval()
        with torch.no_grad():
            out = self.module_(torch.as_tensor(X, dtype=torch.float32))
        return out.numpy()

    def predict(self, X):
        return self.predict_proba(X).argmax(axis=1)


rng = np.random.default_rng(0)
X = rng.random((120, 1, 20, 20))
y = rng.integers(0, 3, 120)
clf = TorchCNNClassifier(3).fit(X, y)
print('train accuracy', (clf.predict(X) == y).mean())
