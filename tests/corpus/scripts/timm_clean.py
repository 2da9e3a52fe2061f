import cv2
import numpy as np
import pandas as pd
import timm
import torch
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, Dataset


class CFG:
    model = "tf_efficientnet_b0_ns"
    size = 224
    n_classes = 5
    epochs = 8
    bs = 16
    lr = 1e-4
    device = "cuda" if torch.cuda.is_available() else "cpu"
    mean = np.array([0.485, 0.456, 0.406], dtype=np.float32)
    std = np.array([0.229, 0.224, 0.225], dtype=np.float32)


class Cassava(Dataset):
    def __init__(self, ids, labels, train):
        self.ids, self.labels, self.train = ids, labels, train

    def __len__(self):
        return len(self.ids)

    def __getitem__(self, i):
        img = cv2.imread(f"input/cassava/images/{self.ids[i]}")
        img = cv2.cvtColor(img, cv2.COLOR_BGR2RGB)
        img = cv2.resize(img, (CFG.size, CFG.size), interpolation=cv2.INTER_AREA)
        if self.train and np.random.rand() < 0.5:
            img = img[:, ::-1]
        img = (img.astype(np.float32) / 255.0 - CFG.mean) / CFG.std
        return torch.tensor(img.transpose(2, 0, 1)), int(self.labels[i])


df = pd.read_csv("input/cassava/train.csv")
ids, labels = df["image_id"].tolist(), df["label"].tolist()
tr_x, va_x, tr_y, va_y = train_test_split(ids, labels, test_size=0.2, random_state=42)
tr = DataLoader(Cassava(tr_x, tr_y, True), CFG.bs, shuffle=True)
va = DataLoader(Cassava(va_x, va_y, False), CFG.bs)

net = timm.create_model(CFG.model, pretrained=True, num_classes=CFG.n_classes).to(CFG.device)
opt = torch.optim.AdamW(net.parameters(), lr=CFG.lr)
crit = nn.CrossEntropyLoss()
for epoch in range(CFG.epochs):
    net.train()
    for x, y in tr:
        opt.zero_grad()
        loss = crit(net(x.to(CFG.device)), y.to(CFG.device))
        loss.backward()
        opt.step()
    net.eval()
    preds, truth = [], []
    with torch.no_grad():
        for x, y in va:
            preds += net(x.to(CFG.device)).argmax(1).cpu().tolist()
            truth += y.tolist()
    print(epoch, np.mean(np.array(preds) == np.array(truth)))
