from torchvision import datasets, transforms

tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
image, label = datasets.MNIST("d", transform=tf)[0]
