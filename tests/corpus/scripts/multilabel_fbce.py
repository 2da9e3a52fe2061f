import os
import pandas as pd
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn
from torch.utils.data import Dataset, DataLoader
from torchvision import transforms

TAGS = ['haze', 'water', 'road', 'farm']


class AmazonTiles(Dataset):
    def __init__(self, root, transform):
        self.df = pd.read_csv(os.path.join(root, 'train.csv'))
        self.root = root
        self.transform = transform

    def __len__(self):
        return len(self.df)

    def __getitem__(self, idx):
        name = self.df['name'][idx]
        img = Image.open(os.path.join(self.root, 'jpg', name + '.jpg')).convert('RGB')
        target = torch.tensor([self.df[t][idx] for t in TAGS], dtype=torch.float32)
        return self.transform(img), target


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.cnn = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1), nn.PReLU(), nn.MaxPool2d(3),
            nn.Conv2d(32, 64, 3, padding=1), nn.PReLU(), nn.MaxPool2d(3),
        )
        self.out = nn.Linear(64 * 7 * 7, len(TAGS))

    def forward(self, x):
        return self.out(self.cnn(x).flatten(1))


tf = transforms.Compose([transforms.RandomVerticalFlip(), transforms.Resize((64, 64)), transforms.ToTensor()])
dl = DataLoader(AmazonTiles('amazon', tf), batch_size=16, shuffle=True)
net = Tagger()
opt = torch.optim.Adam(net.parameters())
for epoch in range(3):
    for x, y in dl:
        opt.zero_grad()
        pred = net(x)
        loss = F.binary_cross_entropy(pred, y)
        loss.backward()
        opt.step()
    print(epoch, loss.item())
